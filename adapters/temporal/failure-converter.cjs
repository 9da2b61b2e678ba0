// CommonJS, because the SDK loads it with require() and the workflow bundle packs it too.
'use strict';
const { DefaultFailureConverter } = require('@temporalio/common');

// Without this, error messages and stack traces stand in clear in a history whose payloads are encrypted.
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
