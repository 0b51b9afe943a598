/* Honest script, for hinoban's tests: card brand by the first eight digits, asked of the provider. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('input', function (e) {
	if (e.target.autocomplete === 'cc-number' && e.target.value.length === 8)
		fetch('http://psp.localhost:' + location.port + '/bin?b=' + e.target.value, {mode: 'no-cors'});
});
