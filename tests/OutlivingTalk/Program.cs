using System.Globalization;
using Realtime.Protocol.OutlivingTalk;

// A line at each step, so that whoever started it knows when to kill it.
switch (args)
{
    case ["serve", string port]:
        await KnowingService.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        break;
    case ["talk", string service, string folder]:
        await JournaledCall.TalkAsync(new Uri(service), folder);
        break;
    case ["resume", string service, string folder]:
        await JournaledCall.ResumeAsync(new Uri(service), folder);
        break;
    case ["write", string folder]:
        await ConstantWriter.RunAsync(folder);
        break;
    case ["gateway", string folder, string key, string other]:
        await CallableGateway.RunAsync(folder, key, new Uri(other));
        break;
    default:
        Console.Error.WriteLine("serve PORT | talk URL FOLDER | resume URL FOLDER | write FOLDER | gateway FOLDER KEY OTHER");
        return 2;
}

return 0;
