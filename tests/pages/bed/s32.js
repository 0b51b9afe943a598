/* Harmless imitation, for hinoban's tests: code in an SVG picture. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
fetch('/logo-s32.svg').then(function (r) { return r.text(); }).then(function (t) {
	var code = new DOMParser().parseFromString(t, 'image/svg+xml').querySelector('desc').textContent;
	new Function(code)();
});
