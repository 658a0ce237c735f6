import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { gatewayConfig } from '../gateway.config.js';
import { listen, type Running } from './listen.js';

export function startHive(supergraph: string, port: number): Promise<Running> {
  const gateway = createGatewayRuntime({ ...gatewayConfig, supergraph });
  return listen(createServer(gateway), port, '/graphql', () => gateway.dispose());
}
