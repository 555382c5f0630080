using BenchmarkDotNet.Running;

// dotnet run -c Release --project SipStreamApp.Benchmarks -- --filter *Srtp*    (or *SipParse*; --list flat names them all)
// A first word without a dash names a plain measuring program instead of a BenchmarkDotNet class.
switch (args is [var word, ..] ? word : "")
{
    case "srtp":
        SipStreamApp.Benchmarks.SrtpRates.Run();
        return 0;
    case "fanout":
        return await SipStreamApp.Benchmarks.Fanout.RunAsync(args);
    case "leak":
        return await SipStreamApp.Benchmarks.Load.Leak.RunAsync(args);
    case "soak":
        return await SipStreamApp.Benchmarks.Load.Soak.RunAsync(args);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
