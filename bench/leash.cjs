'use strict';

// A server of the benchmark ends with the process that measures it, however that one ends.
process.once('disconnect', () => process.exit());
