/* Honest script, for hinoban's tests: session replay, inputs masked, packed, with a number of its own. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var list = [], id = crypto.randomUUID();
	document.addEventListener('input', function (e) { list.push({t: Math.round(performance.now()), n: e.target.name, v: '*'.repeat(e.target.value.length)}); });
	document.addEventListener('change', function () {
		var text = JSON.stringify({session: id, events: list});
		new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer().then(function (b) {
			fetch('http://stats.localhost:' + location.port + '/replay?s=' + id, {method: 'POST', mode: 'no-cors', body: b});
		});
	});
})();
