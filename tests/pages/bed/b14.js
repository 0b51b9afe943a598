/* Honest script, for hinoban's tests: error reports. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('error', function (e) { new Image().src = 'http://stats.localhost:' + location.port + '/p.gif?e=' + encodeURIComponent(String(e.message).slice(0, 80)); });
