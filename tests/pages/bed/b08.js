/* Honest script, for hinoban's tests: A/B test. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var v = Math.random() < 0.5 ? 'a' : 'b'; document.documentElement.dataset.variant = v;
new Image().src = 'http://stats.localhost:' + location.port + '/p.gif?exp=button&var=' + v;
