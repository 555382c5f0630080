using SipStreamApp.Hosting;

return await AppHost.RunAsync(args);
