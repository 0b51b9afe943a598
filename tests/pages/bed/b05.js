/* Honest script, for hinoban's tests: validation of the card number in the page. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('input', function (e) {
	if (e.target.autocomplete !== 'cc-number') return;
	var v = e.target.value.replace(/\D/g, ''), s = 0;
	for (var i = 0; i < v.length; i++) { var d = +v[v.length - 1 - i]; if (i % 2) d = d > 4 ? 2 * d - 9 : 2 * d; s += d; }
	e.target.classList.toggle('bad', v.length === 16 && s % 10 !== 0);
});
