import jdk.incubator.vector.*; import java.lang.management.*;
public class C { static final VectorSpecies<Double> S=DoubleVector.SPECIES_512; static final int L=8;
 static final ThreadMXBean T = ManagementFactory.getThreadMXBean();
 static long now(){ return T.getCurrentThreadCpuTime(); }
 static void a(double[] b,int step,int deep,int cols,double[] r){ for(int j=0;j<cols;j+=16){ int to=j*deep; for(int p=0;p<deep;p++){ int at=p*step+j; DoubleVector.fromArray(S,b,at).intoArray(r,to+p*16); DoubleVector.fromArray(S,b,at+8).intoArray(r,to+p*16+8);} } }
 static void ab(double[] b,int step,int deep,int cols,double[] r){ for(int p0=0;p0<deep;p0+=8) for(int j=0;j<cols;j+=16){ int to=j*deep; for(int p=p0;p<p0+8;p++){ int at=p*step+j; DoubleVector.fromArray(S,b,at).intoArray(r,to+p*16); DoubleVector.fromArray(S,b,at+8).intoArray(r,to+p*16+8);} } }
 static void a1(double[] b,int step,int deep,int cols,double[] r){ for(int p0=0;p0<deep;p0+=1) for(int j=0;j<cols;j+=16){ int to=j*deep; int p=p0;{ int at=p*step+j; DoubleVector.fromArray(S,b,at).intoArray(r,to+p*16); DoubleVector.fromArray(S,b,at+8).intoArray(r,to+p*16+8);} } }
 static void ac(double[] b,int step,int deep,int cols,double[] r){ for(int j=0;j<cols;j+=16){ int to=j*deep; for(int p=0;p<deep;p++){ System.arraycopy(b,p*step+j,r,to+p*16,16);} } }
 static void one(double[] b,int step,int deep,int cols,double[] r){ for(int j=0;j<cols;j+=16){ int to=0; for(int p=0;p<deep;p++){ int at=p*step+j; DoubleVector.fromArray(S,b,at).intoArray(r,to+p*16); DoubleVector.fromArray(S,b,at+8).intoArray(r,to+p*16+8);} } }
 static void t4(double[] x,int step,int deep,int cols,double[] y){ for(int j=0;j<cols;j+=16) for(int k=0;k<16;k+=4){ int x0=(j+k)*step,x1=x0+step,x2=x1+step,x3=x2+step, at=j*deep+k; for(int p=0;p<deep;p++){ y[at]=x[x0+p];y[at+1]=x[x1+p];y[at+2]=x[x2+p];y[at+3]=x[x3+p]; at+=16; } } }
 static void t8(double[] x,int step,int deep,int cols,double[] y){ for(int j=0;j<cols;j+=16) for(int k=0;k<16;k+=8){ int x0=(j+k)*step,x1=x0+step,x2=x1+step,x3=x2+step,x4=x3+step,x5=x4+step,x6=x5+step,x7=x6+step, at=j*deep+k; for(int p=0;p<deep;p++){ y[at]=x[x0+p];y[at+1]=x[x1+p];y[at+2]=x[x2+p];y[at+3]=x[x3+p];y[at+4]=x[x4+p];y[at+5]=x[x5+p];y[at+6]=x[x6+p];y[at+7]=x[x7+p]; at+=16; } } }
 static final VectorMask<Double> M1=VectorMask.fromLong(S,0xAA), M2=VectorMask.fromLong(S,0xCC), M4=VectorMask.fromLong(S,0xF0);
 static final VectorMask<Double> N1=M1.not(),N2=M2.not(),N4=M4.not();
 static final VectorShuffle<Double> X1=VectorShuffle.fromValues(S,1,0,3,2,5,4,7,6), X2=VectorShuffle.fromValues(S,2,3,0,1,6,7,4,5), X4=VectorShuffle.fromValues(S,4,5,6,7,0,1,2,3);
 // butterfly: exchange of lane bit with row bit: for pair (u,v): u' = blend(u, rot(v)) ...
 static void tv(double[] x,int step,int deep,int cols,double[] y){ for(int k=0;k<cols;k+=8){ int x0=k*step; int to=(k&-16)*deep+(k&8); for(int p=0;p<deep;p+=8) tr8(x,x0+p,step,y,to+p*16,16); } }
 static void tr8(double[] x,int f,int step,double[] y,int to,int w){
  DoubleVector r0=DoubleVector.fromArray(S,x,f),r1=DoubleVector.fromArray(S,x,f+step),r2=DoubleVector.fromArray(S,x,f+2*step),r3=DoubleVector.fromArray(S,x,f+3*step),r4=DoubleVector.fromArray(S,x,f+4*step),r5=DoubleVector.fromArray(S,x,f+5*step),r6=DoubleVector.fromArray(S,x,f+6*step),r7=DoubleVector.fromArray(S,x,f+7*step);
  DoubleVector a0=r0.blend(r4.rearrange(X4),M4),a4=r4.blend(r0.rearrange(X4),N4),a1=r1.blend(r5.rearrange(X4),M4),a5=r5.blend(r1.rearrange(X4),N4),a2=r2.blend(r6.rearrange(X4),M4),a6=r6.blend(r2.rearrange(X4),N4),a3=r3.blend(r7.rearrange(X4),M4),a7=r7.blend(r3.rearrange(X4),N4);
  DoubleVector b0=a0.blend(a2.rearrange(X2),M2),b2=a2.blend(a0.rearrange(X2),N2),b1=a1.blend(a3.rearrange(X2),M2),b3=a3.blend(a1.rearrange(X2),N2),b4=a4.blend(a6.rearrange(X2),M2),b6=a6.blend(a4.rearrange(X2),N2),b5=a5.blend(a7.rearrange(X2),M2),b7=a7.blend(a5.rearrange(X2),N2);
  b0.blend(b1.rearrange(X1),M1).intoArray(y,to); b1.blend(b0.rearrange(X1),N1).intoArray(y,to+w); b2.blend(b3.rearrange(X1),M1).intoArray(y,to+2*w); b3.blend(b2.rearrange(X1),N1).intoArray(y,to+3*w);
  b4.blend(b5.rearrange(X1),M1).intoArray(y,to+4*w); b5.blend(b4.rearrange(X1),N1).intoArray(y,to+5*w); b6.blend(b7.rearrange(X1),M1).intoArray(y,to+6*w); b7.blend(b6.rearrange(X1),N1).intoArray(y,to+7*w);
 }
 interface R{void run();}
 public static void main(String[] q){ for(int n: new int[]{64,100,128,256,512,1024}){ int deep=n/8*8, cols=n/16*16; double[] x=new double[n*n+64],y=new double[n*n+512],z=new double[n*n+512]; for(int i=0;i<x.length;i++) x[i]=i; 
  R[] rs={()->a(x,n,deep,cols,y),()->ab(x,n,deep,cols,y),()->a1(x,n,deep,cols,y),()->ac(x,n,deep,cols,y),()->one(x,n,deep,cols,y),()->t4(x,n,deep,cols,y),()->t8(x,n,deep,cols,y),()->tv(x,n,deep,cols,z)};
  String[] nm={"a","blk8","rows","acopy","one","t4","t8","tv"}; double[][] t=new double[rs.length][9];
  for(int i=0;i<rs.length;i++){ long s=now(); while(now()-s<0.15e9) rs[i].run(); }
  t8(x,n,deep,cols,y); if(n%16==0){ tv(x,n,deep,cols,z); for(int i=0;i<n*n;i++) if(y[i]!=z[i]) throw new Error("differs "+i); }
  for(int r=0;r<9;r++) for(int i=0;i<rs.length;i++){ int rep=Math.max(1,4000000/(n*n)); rs[i].run(); long s=now(); for(int k=0;k<rep;k++) rs[i].run(); t[i][r]=(now()-s)/(double)rep/(deep*cols); }
  StringBuilder o=new StringBuilder(""+n); for(int i=0;i<rs.length;i++){ java.util.Arrays.sort(t[i]); o.append(String.format("  %s %.3f",nm[i],t[i][4])); } System.out.println(o+" ns/el"); } } }
