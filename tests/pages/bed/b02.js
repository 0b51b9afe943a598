/* Honest script, for hinoban's tests: tag manager that loads another script. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var l = document.createElement('script'); l.src = 'http://stats.localhost:' + location.port + '/bed/b01.js'; l.async = true; document.head.appendChild(l);
window.dataLayer = window.dataLayer || []; dataLayer.push({event: 'gtm.js'});
