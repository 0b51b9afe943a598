var a = 1; // one
function f(x) {
  return x + a;
}