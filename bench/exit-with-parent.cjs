'use strict';

// A server must not outlive the process that measures it, even when that one is killed.
process.once('disconnect', () => process.exit());
