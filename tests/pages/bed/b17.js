/* Honest script, for hinoban's tests: analytics in a worker: counts of keys, numbers drawn at random. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var keys = 0, w = new Worker(URL.createObjectURL(new Blob(["var id = Math.random().toString(36).slice(2); onmessage = function (e) {" +
		"fetch(e.data[0], {method: 'POST', mode: 'no-cors', body: JSON.stringify({id: id, at: Date.now(), keys: e.data[1]})}); };"])));
	document.addEventListener('keydown', function () { keys++; });
	document.addEventListener('change', function () { w.postMessage(['http://stats.localhost:' + location.port + '/events', keys]); });
})();
