/* Honest script, for hinoban's tests: tag container whose content rotates. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
window.dataLayer = window.dataLayer || []; dataLayer.push({'gtm.start': 1700000000000});
