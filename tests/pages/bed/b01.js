/* Honest script, for hinoban's tests: analytics: page views and scroll depth. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var id = 'UA-1', q = [];
function hit(t) { new Image().src = 'http://stats.localhost:' + location.port + '/p.gif?v=1&t=' + t + '&dl=' + encodeURIComponent(location.pathname); }
hit('pageview'); addEventListener('scroll', function () { if (!q.length && scrollY > 300) { q.push(1); hit('scroll'); } });
