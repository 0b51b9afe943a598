/* Honest script, for hinoban's tests: payment frame of the provider, second origin. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	var f = document.createElement('iframe'); f.src = 'http://psp.localhost:' + location.port + '/frame'; f.width = 300; f.height = 60; document.body.appendChild(f);
});
