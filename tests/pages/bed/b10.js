/* Honest script, for hinoban's tests: consent banner. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	var d = document.createElement('div'); d.innerHTML = '<button type=button>OK</button>'; d.style.cssText = 'position:fixed;left:0;bottom:0';
	d.firstChild.onclick = function () { document.cookie = 'consent=1; path=/'; d.remove(); }; document.body.appendChild(d);
});
