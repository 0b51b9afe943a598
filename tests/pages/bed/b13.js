/* Honest script, for hinoban's tests: lazy pictures and a carousel. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	[].forEach.call(document.querySelectorAll('img[data-src]'), function (i) { i.src = i.dataset.src; });
	var n = 0; setInterval(function () { n = (n + 1) % 3; document.body.dataset.slide = n; }, 1000);
});
