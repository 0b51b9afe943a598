/* Honest script, for hinoban's tests: chat widget. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var box = document.createElement('div'); box.id = 'chat'; box.style.cssText = 'position:fixed;right:8px;bottom:8px;width:60px;height:24px'; box.textContent = 'Chat';
addEventListener('load', function () { document.body.appendChild(box); });
fetch('http://stats.localhost:' + location.port + '/chat/status', {mode: 'no-cors'});
