/* For tests in wine 8 only: the complex functions of C99 that its ucrtbase has no code for and numpy imports. Microsoft
   passes complex numbers as plain structures, and its long double is a double. */
#include <complex.h>
typedef struct { float re, im; } float2;
typedef struct { double re, im; } double2;
#define UNPACK(T, z) ({ T complex packed; __real__ packed = z.re; __imag__ packed = z.im; packed; })
#define PACK(T, value) ({ T complex given = value; (T##2){__real__ given, __imag__ given}; })
#define MAP_ONE(T, name, suffix) T##2 shim_##name##suffix(T##2 z) { return PACK(T, name##suffix(UNPACK(T, z))); }
#define MAP(name) MAP_ONE(float, name, f) MAP_ONE(double, name, )
#define REAL_ONE(T, name, suffix) T shim_##name##suffix(T##2 z) { return name##suffix(UNPACK(T, z)); }
#define REAL(name) REAL_ONE(float, name, f) REAL_ONE(double, name, )
MAP(cacos) MAP(cacosh) MAP(casin) MAP(casinh) MAP(catan) MAP(catanh) MAP(ccos) MAP(ccosh) MAP(cexp) MAP(clog) MAP(conj)
MAP(csin) MAP(csinh) MAP(csqrt) MAP(ctan) MAP(ctanh)
REAL(cabs) REAL(carg) REAL(cimag) REAL(creal)
float2 shim_cpowf(float2 z, float2 y) { return PACK(float, cpowf(UNPACK(float, z), UNPACK(float, y))); }
double2 shim_cpow(double2 z, double2 y) { return PACK(double, cpow(UNPACK(double, z), UNPACK(double, y))); }
