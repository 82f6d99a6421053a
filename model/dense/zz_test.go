package dense_test
import ("testing";"fmt";"os";"strings")
func TestZZ(t *testing.T){
 for _,m:=range markets(){ if m.name!=os.Getenv("M"){continue}
  e,err:=fromEngine(m.build(),7,120,false); if err!=nil{t.Fatal(err)}
  d:=fromReference(reference(m.build(),3,40))
  for _,n:=range strings.Split(os.Getenv("S"),","){
  for w:=0;w<int(m.build().Run.Weeks);w++{ k:=weekly(n,w); a,va:=moments(e[k]); b,vb:=moments(d[k]); fmt.Printf("%s %.2f (%.2g) %.2f (%.2g)\n",k,a,va,b,vb)}}
 }
}
