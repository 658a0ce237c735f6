import { createServer, type IncomingMessage } from 'node:http';
import { readFileSync, existsSync, writeFileSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { it } from 'vitest';
import { startFacade } from './support/facade.js';

const doc: any = JSON.parse(readFileSync('/work/shared/contract/constant-contact-v3.openapi.json', 'utf8'));
const deref = (x: any): any => (x && x.$ref ? deref(x.$ref.slice(2).split('/').reduce((a: any, k: string) => a[k.replaceAll('~1', '/')], doc)) : x);
const ops = Object.entries<any>(doc.paths).flatMap(([path, item]) =>
  Object.entries<any>(item).filter(([m]) => m !== 'parameters').map(([m, op]) => ({ path, m: m.toUpperCase(), op, id: op.operationId as string, params: [...(item.parameters ?? []), ...(op.parameters ?? [])].map(deref) })));
const route = (m: string, p: string) => {
  const segs = p.replace(/^\/v3/, '').split('/').slice(1);
  return ops.filter((o) => o.m === m && o.path.split('/').slice(1).length === segs.length && o.path.split('/').slice(1).every((s, i) => s.startsWith('{') ? segs[i] !== '' : s === segs[i]))
    .map((o) => ({ o, path: Object.fromEntries(o.path.split('/').slice(1).flatMap((s, i) => s.startsWith('{') ? [[s.slice(1, -1), decodeURIComponent(segs[i]!)]] : [])) }))
    .sort((a, b) => Object.keys(a.path).length - Object.keys(b.path).length)[0];
};
const strictSchemas: any = {};
const strict = (s: any): any => {
  if (Array.isArray(s)) return s.map(strict);
  if (!s || typeof s !== 'object') return s;
  if (s.$ref) return { $ref: s.$ref.replace('#/components/schemas/', 'root#/definitions/') };
  const c: any = {};
  for (const [k, v] of Object.entries<any>(s)) {
    if (k === 'default' || k === 'example') continue;
    if (k === 'properties') c[k] = Object.fromEntries(Object.entries<any>(v).filter(([, q]) => q.readOnly !== true && deref(q).readOnly !== true).map(([n, q]) => [n, strict(q)]));
    else c[k] = typeof v === 'object' ? strict(v) : v;
  }
  if (c.properties && s.additionalProperties === undefined && Object.keys(c.properties).length) c.additionalProperties = false;
  if (c.properties && c.required) { c.required = c.required.filter((r: string) => r in c.properties); if (!c.required.length) delete c.required; }
  if (s.readOnly === true && !c.properties && s.type !== 'object') c.__ro = true;
  return c;
};
for (const [n, s] of Object.entries(doc.components.schemas)) strictSchemas[n] = strict(s);
const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, validateFormats: true });
addFormats.default(ajv);
ajv.addFormat('int32', { type: 'number', validate: (n: number) => Number.isInteger(n) && Math.abs(n) < 2 ** 31 });
ajv.addFormat('uuid', /^[0-9a-f-]{36}$/i);
ajv.addSchema({ definitions: strictSchemas }, 'root');
const cache = new Map<any, any>();
const check = (schema: any, v: any): string[] => {
  let f = cache.get(schema);
  if (!f) { f = ajv.compile(strict(schema)); cache.set(schema, f); }
  return f(v) ? [] : f.errors.map((e: any) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
};

const UUID = '7b2a4c1e-9d3f-11ee-b9d1-0242ac120002';
const DATES = ['2026-04-28T21:46:22Z', '2016-01-23T13:48:44.108Z', '2016-03-03T10:53:04-05:00', '2025-09-25T20:06:50.020+00:00', '2026-02-05T07:32:49.766+0000', '2023-01-23 06:09:23 -0800'];
interface Mode { name: string; props: 'all' | 'required' | 'none' | 'null' | 'allnull'; text?: 'odd' | 'plain'; dates?: boolean; extra?: boolean; big?: boolean; zero?: boolean; arrays?: 0 | 1 | 3; links?: 'none' | 'null' | 'hrefnull' | 'empty' | 'next'; status?: 'last'; nullItems?: boolean; shortDates?: boolean }
let n = 0;
function sample(schema: any, path: any, name: string, depth: number, mode: Mode): any {
  if (schema.$ref) { if (depth > 14) return {}; return sample(deref(schema), path, name, depth, mode); }
  const t = schema.type ?? (schema.properties ? 'object' : undefined);
  const echoed = path[name];
  if (t === 'object') {
    if (depth > 7) return {};
    const out: any = {};
    const req: string[] = schema.required ?? [];
    for (const [k, c] of Object.entries<any>(schema.properties ?? {})) {
      if (k === '_links' && mode.props === 'all') {
        continue;
      }
      if (mode.props === 'all' || (req.includes(k) && mode.props !== 'none' && mode.props !== 'allnull')) out[k] = sample(c, path, k, depth + 1, mode);
      else if (mode.props === 'null' || mode.props === 'allnull') out[k] = depth === 0 ? (deref(c).type === 'array' || deref(c).type === 'object' ? sample(c, path, k, depth + 1, mode) : null) : null;
      else if (depth === 0 && (deref(c).type === 'array') && mode.arrays !== 0 && mode.props !== 'none') out[k] = sample(c, path, k, depth + 1, mode);
    }
    if (mode.extra) { out.something_new = { a: [1, null] }; out.zz_text = 'x'; }
    return out;
  }
  if (t === 'array') {
    if (depth > 7 || mode.arrays === 0) return [];
    const items = Array.from({ length: mode.arrays ?? 1 }, () => sample(schema.items ?? {}, path, name, depth + 1, mode));
    return mode.nullItems ? [...items, null] : items;
  }
  if (t === 'integer' || t === 'number') {
    if (echoed && /^\d+$/.test(echoed)) return Number(echoed);
    if (mode.name === 'frac') return t === 'number' ? 12.5 : (schema.minimum ?? 1);
    if (mode.name === 'int64') return schema.format === 'int64' ? 2 ** 41 : 2147483647;
    if (mode.big) return schema.format === 'int32' ? 2147483647 : t === 'number' ? 12345.678 : 9007199254740991;
    if (mode.zero) return 0;
    return schema.minimum ?? 1;
  }
  if (t === 'boolean') return !mode.zero;
  if (t === 'string') {
    if (echoed) return echoed;
    if (schema.format === 'uuid') return UUID;
    if (schema.format === 'date-time' || /_(at|time|date)$/.test(name)) return mode.shortDates ? '2026-03-04' : mode.dates ? DATES[n++ % 6] : '2026-03-04T05:06:07Z';
    if (schema.format === 'date') return mode.dates ? DATES[n++ % 6] : '2026-03-04';
    if (/_ids?$/.test(name)) return UUID;
    if (schema.enum) return schema.enum[0];
    if (mode.text === 'odd') return ['Brand_New', 'brand new', 'ÄÖ-😀', ''][n++ % 4]!.slice(0, schema.maxLength ?? 99);
    return 'some text'.slice(0, schema.maxLength ?? 9);
  }
  return mode.props === 'allnull' ? null : {};
}
const MODES: Mode[] = [
  { name: 'all', props: 'all' },
  { name: 'all3', props: 'all', arrays: 3 },
  { name: 'required', props: 'required' },
  { name: 'none', props: 'none' },
  { name: 'null', props: 'null' },
  { name: 'allnull', props: 'allnull' },
  { name: 'odd', props: 'all', text: 'odd', dates: true, extra: true },
  { name: 'shortdates', props: 'all', shortDates: true },
  { name: 'big', props: 'all', big: true },
  { name: 'frac', props: 'all' },
  { name: 'int64', props: 'all' },
  { name: 'zero', props: 'all', zero: true },
  { name: 'empty', props: 'all', arrays: 0 },
  { name: 'last', props: 'all', status: 'last' },
  { name: 'lastnone', props: 'required', status: 'last' },
  { name: 'lnull', props: 'all', links: 'null' },
  { name: 'lhrefnull', props: 'all', links: 'hrefnull' },
  { name: 'lempty', props: 'all', links: 'empty' },
  { name: 'lnext', props: 'all', links: 'next' },
  { name: 'nullitems', props: 'all', nullItems: true },
];
const only = process.env.A3_MODES?.split(',');
const report: any[] = [];
let mode: Mode = MODES[0]!;
let calls: { id: string; url: string; body: any }[] = [];
let violations: string[] = [];
const answer = async (req: IncomingMessage): Promise<{ status: number; body: any; ct: string }> => {
  const url = new URL(req.url!, 'http://x');
  const hit = route(req.method!, url.pathname);
  const raw = await text(req);
  if (!hit) { violations.push(`no route ${req.method} ${url.pathname}`); return { status: 404, body: [], ct: 'application/json' }; }
  const { o, path } = hit;
  const v = (s: string) => violations.push(`${o.id}: ${s}`);
  calls.push({ id: o.id, url: req.url!, body: raw });
  const followed = (url.searchParams.get('cursor') ?? '').startsWith('zz');
  for (const p of o.params) {
    const s = p.schema;
    if (p.in === 'header') { if (p.required && !req.headers[p.name.toLowerCase()]) v(`header ${p.name} missing`); continue; }
    if (p.in === 'path') { if (path[p.name] === undefined || path[p.name] === '') v(`path ${p.name} missing`); if (s.type === 'integer' && !/^-?\d+$/.test(path[p.name])) v(`path ${p.name} no integer`); if (s.format==='uuid' && !/^[0-9a-f-]{36}(,[0-9a-f-]{36})*$/i.test(path[p.name]!)) v(`path ${p.name} no uuid: ${path[p.name]}`); continue; }
    const vals = url.searchParams.getAll(p.name);
    if (vals.length === 0) { if (p.required && !followed) v(`query ${p.name} missing`); continue; }
    if (vals.length > 1 && s.type !== 'array') v(`query ${p.name} repeated`);
    for (const val of s.type === 'array' && p.explode === false ? vals[0]!.split(',') : vals) {
      const it = s.type === 'array' ? s.items ?? {} : s;
      if (val === '') v(`query ${p.name} empty`);
      if (it.type === 'integer' && !/^-?\d+$/.test(val)) v(`query ${p.name} no integer: ${val}`);
      if (it.type === 'boolean' && !/^(true|false)$/.test(val)) v(`query ${p.name} no boolean ${val}`);
      const en = it.enum ?? s.enum;
      if (en && !en.includes(val)) { const parts = val.split(','); const out = parts.filter((q) => !en.includes(q)); v(`query ${p.name} not in enum: ${val}${out.length ? ' REALLY ' + JSON.stringify(en) : ' (csv of enum)'}`); }
      if (it.maximum !== undefined && Number(val) > it.maximum) v(`query ${p.name} over max ${it.maximum}: ${val}`);
      if (it.minimum !== undefined && Number(val) < it.minimum) v(`query ${p.name} under min ${it.minimum}: ${val}`);
      if (it.maxLength !== undefined && val.length > it.maxLength) v(`query ${p.name} over maxLength ${it.maxLength}: ${val}`);
      if (it.format === 'date-time' && Number.isNaN(Date.parse(val))) v(`query ${p.name} no date-time: ${val}`);
      if (it.format === 'date-time' && !/T/.test(val)) v(`query ${p.name} date-time without time: ${val}`);
      if (it.format === 'uuid' && !/^[0-9a-f-]{36}$/i.test(val)) v(`query ${p.name} no uuid: ${val}`);
    }
  }
  const known = new Set(o.params.filter((p: any) => p.in === 'query').map((p: any) => p.name));
  if (!followed) for (const k of new Set(url.searchParams.keys())) if (!known.has(k)) v(`unknown query ${k}`);
  const rb = deref(o.op.requestBody);
  if (rb?.content['application/json']) {
    if (raw === '') { if (rb.required) v('body missing'); else v('body missing though optional'); }
    else { if (!/application\/json/.test(req.headers['content-type'] ?? '')) v('content type ' + req.headers['content-type']); for (const e of check(rb.content['application/json'].schema, JSON.parse(raw))) v(`body${e}  <- ${raw.slice(0, 200)}`); }
  } else if (!rb && raw !== '') v(`body where none: ${raw.slice(0, 100)}`);
  if (!req.headers.authorization) v('no auth');
  const ok = Object.entries<any>(o.op.responses).filter(([s]) => s[0] === '2');
  const [status, r0] = mode.status === 'last' ? ok.at(-1)! : ok[0]!;
  const content = deref(r0).content;
  if (content?.['text/csv']) return { status: +status, body: 'Email address,First name\nsomebody@example.com,Some\n', ct: 'text/csv' };
  const schema = content?.['application/json']?.schema;
  let body = schema && sample(schema, path, '', 0, mode);
  if (mode.links && body && typeof body === 'object' && !Array.isArray(body) && '_links' in (deref(schema).properties ?? {})) {
    if (mode.links === 'null') body._links = null;
    if (mode.links === 'hrefnull') body._links = { next: { href: null }, self: { href: null } };
    if (mode.links === 'empty') body._links = {};
    if (mode.links === 'next') body._links = followed ? { next: null } : { next: { href: `/v3${url.pathname.replace(/^\/v3/, '')}?cursor=zzYWJj&limit=1` } };
  }
  return { status: +status, body, ct: 'application/json' };
};
const userErrors = (v: any): any[] => v === null || typeof v !== 'object' ? [] : Object.entries<any>(v).flatMap(([k, c]) => k === 'userErrors' ? c : userErrors(c));
it('probe', async () => {
  const server = createServer((req, res) => {
    void answer(req).catch((e) => { violations.push('probe broke ' + String(e?.stack)); return { status: 500, body: {}, ct: 'application/json' }; }).then(({ status, body, ct }) => {
      res.writeHead(status, { 'content-type': ct });
      res.end(body === undefined ? undefined : typeof body === 'string' && ct === 'text/csv' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
  const base = `http://127.0.0.1:${(server.address() as any).port}/v3`;
  const D = 'examples/operations/';
  const ids = readdirSync(D).filter((f) => f.endsWith('.graphql')).map((f) => f.replace('.graphql', ''));
  for (mode of MODES) {
    if (only && !only.includes(mode.name)) continue;
    for (const id of ids) {
      const app = startFacade(base);
      calls = []; violations = [];
      const query = readFileSync(`${D}${id}.graphql`, 'utf8');
      const variables = existsSync(`${D}${id}.variables.json`) ? JSON.parse(readFileSync(`${D}${id}.variables.json`, 'utf8')) : {};
      const { errors, data } = await Promise.race([app.query({ query, variables }), new Promise<any>((r) => setTimeout(() => r({ errors: ['HUNG'] }), 15000))]);
      const ue = userErrors(data);
      report.push({ mode: mode.name, id, errors, ue, called: calls.some((c) => c.id === id), calls, violations, data: mode.name === 'all' || mode.name==='odd' ? data : undefined });
      await app.close();
    }
    writeFileSync(`/tmp/a3/report-${mode.name}.json`, JSON.stringify(report.filter((r) => r.mode === mode.name), null, 1));
  }
  server.close(); server.closeAllConnections();
}, 590_000);
